// What search engines and previews read of an event.
import { element } from "/components/element.js";

/** Structured data of an event (schema.org); `null` without a reply: the page is whole without it. */
export function linkedData({ id, status, schedule }, read) {
  return status === "draft" || !schedule ? null : read(`/events/${id}/event.jsonld`).catch(() => null);
}

/** Adds description, address and structured data to the document's head. */
export function describe({ slug, status, visibility, summary, description, title }, data) {
  const text = summary ?? (description ?? title).slice(0, 280);
  document.head.append(element("meta", { name: "description", content: text }));
  if (slug) {
    document.head.append(element("link", { rel: "canonical", href: `${location.origin}/events/${slug}` }));
  }
  if (status === "draft" || visibility !== "listed") {
    document.head.append(element("meta", { name: "robots", content: "noindex" }));
  } else if (data !== null) {
    // A text of the element, which no browser runs: nothing in it ends the element.
    document.head.append(element("script", { type: "application/ld+json" }, JSON.stringify(data)));
  }
}
