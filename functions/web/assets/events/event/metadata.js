// What search engines and previews read of an event.
import { request } from "/components/api.js";
import { element } from "/components/element.js";

/** Adds description, address and structured data to the document's head. */
export async function describe({ id, slug, status, visibility, summary, description, title }) {
  const text = summary ?? (description ?? title).slice(0, 280);
  document.head.append(element("meta", { name: "description", content: text }));
  if (slug) {
    document.head.append(element("link", { rel: "canonical", href: `${location.origin}/events/${slug}` }));
  }
  if (status === "draft" || visibility !== "listed") {
    document.head.append(element("meta", { name: "robots", content: "noindex" }));
    return;
  }
  // The page is whole without it.
  const data = await request("GET", `/events/${id}/event.jsonld`).catch(() => null);
  if (data !== null) {
    // A text of the element, which no browser runs: nothing in it ends the element.
    document.head.append(element("script", { type: "application/ld+json" }, JSON.stringify(data)));
  }
}
