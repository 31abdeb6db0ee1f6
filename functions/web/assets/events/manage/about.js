// Title, texts, topics and images of an event.
import { element } from "/components/element.js";
import { choice, field } from "/components/form.js";
import { VISIBILITIES, languages, nameOf } from "../shared/names.js";
import { words } from "./texts.js";

/** The fields; `read` returns what they state. */
export function aboutFields(event, categories) {
  const { title, summary, description, tags, language, visibility, slug, published_at } = event;
  const known = categories.options.map(([value]) => value);
  // Categories that are no longer offered stay until they are removed.
  const options = [...categories.options, ...event.categories.filter((it) => !known.includes(it)).map((it) => [it, categories.name(it)])];
  const boxes = options.map(([value, label], at) =>
    choice({
      label: label.trim(),
      id: `category-${at}`,
      name: "category",
      value,
      checked: event.categories.includes(value),
      "data-pointers": at === 0 ? "categories" : null,
    }),
  );
  const root = element(
    "fieldset",
    {},
    element("legend", {}, words.about),
    field({ name: "title", label: words.title, value: title, maxlength: 150, required: true }),
    field({ name: "summary", label: words.summary, hint: words.summaryHint, value: summary, maxlength: 280 }),
    field({ name: "description", label: words.description, control: "textarea", value: description, maxlength: 20_000 }),
    element("fieldset", { class: "field" }, element("legend", {}, words.categories), element("div", { class: "choices" }, boxes)),
    element(
      "div",
      { class: "fields" },
      field({ name: "tags", label: words.tags, hint: words.tagsHint, value: tags.join(", "), maxlength: 450, autocomplete: "off" }),
      field({ name: "language", label: words.language, options: [["", words.none], ...languages(language ? [language] : [])], value: language ?? "" }),
      field({ name: "visibility", label: words.visibility, options: VISIBILITIES.map((it) => [it, nameOf(it)]), value: visibility }),
    ),
    published_at ? null : field({ name: "slug", label: words.slug, hint: words.slugHint, value: slug, maxlength: 100, autocomplete: "off" }),
  );
  const value = (name) => root.querySelector(`[name="${name}"]`).value.trim();
  const read = () => ({
    title: value("title"),
    summary: value("summary") || null,
    description: value("description") || null,
    categories: [...root.querySelectorAll("[name=category]:checked")].map((box) => box.value),
    tags: value("tags").split(",").map((tag) => tag.trim()).filter(Boolean),
    language: value("language") || null,
    visibility: value("visibility"),
    // A slug can be changed and not removed.
    ...(published_at || value("slug") === "" ? {} : { slug: value("slug") }),
  });
  return { root, read };
}

/** The addresses of the images, one a line. */
export function imageFields({ images }) {
  const text = field({
    name: "images",
    label: words.imagesLabel,
    hint: words.imagesHint,
    control: "textarea",
    value: images.join("\n"),
    spellcheck: "false",
  });
  const root = element("fieldset", {}, element("legend", {}, words.images), text);
  const read = () => text.querySelector("textarea").value.split("\n").map((line) => line.trim()).filter(Boolean);
  return { root, read };
}
