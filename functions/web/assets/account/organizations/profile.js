// Forms of an organisation's profile.
import { idempotency } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { field } from "/components/form.js";
import { texts } from "/components/i18n.js";
import { call } from "/components/session.js";
import { endings } from "./endings.js";

const words = texts({
  en: {
    create: "New organisation",
    createAction: "Create",
    edit: "Edit the profile",
    save: "Save",
    name: "Name",
    slug: "Name in links",
    slugHint: "Lower-case letters, digits and hyphens. Links with the former name work for 90 days.",
    summary: "Summary (optional)",
    summaryHint: "One line, shown in lists.",
    description: "Description (optional)",
    city: "City (optional)",
    website: "Website (optional)",
  },
  ru: {
    create: "Новая организация",
    createAction: "Создать",
    edit: "Изменить профиль",
    save: "Сохранить",
    name: "Название",
    slug: "Имя в ссылках",
    slugHint: "Строчные латинские буквы, цифры и дефисы. Ссылки с прежним именем работают 90 дней.",
    summary: "Кратко (необязательно)",
    summaryHint: "Одна строка, видна в списках.",
    description: "Описание (необязательно)",
    city: "Город (необязательно)",
    website: "Сайт (необязательно)",
  },
});

/** Fields that may be empty. */
const OPTIONAL = ["summary", "description", "city", "website"];

function fields({ name, summary, description, city, website } = {}) {
  return [
    field({ name: "name", label: words.name, value: name, maxlength: 100, required: true }),
    field({ name: "summary", label: words.summary, hint: words.summaryHint, value: summary, maxlength: 280 }),
    field({ name: "description", label: words.description, control: "textarea", value: description, maxlength: 10_000 }),
    field({ name: "city", label: words.city, value: city, maxlength: 100 }),
    field({ name: "website", label: words.website, type: "url", placeholder: "https://", value: website, maxlength: 2000 }),
  ];
}

/** Creates an organisation and opens it. */
export function createOrganization() {
  const headers = idempotency();
  const send = async (body) => {
    const { id } = await call("POST", "/organizations", { body, headers: headers(body) });
    location.hash = id;
  };
  return ask({ title: words.create, fields: fields(), action: words.createAction, send, own: endings });
}

/** Changes the profile. Resolves to true if it was saved. */
export function editProfile(organization) {
  const { id, version, slug, me } = organization;
  const slugAttributes = { hint: words.slugHint, value: slug, maxlength: 100, required: true };
  const slugField = field({ name: "slug", label: words.slug, ...slugAttributes });
  const send = (values) => {
    const emptied = Object.fromEntries(OPTIONAL.map((name) => [name, null]));
    const body = { ...emptied, ...values };
    return call("PATCH", `/organizations/${id}`, { body, headers: { "if-match": `"${version}"` } });
  };
  const all = me.permissions.includes("change_slug") ? [...fields(organization), slugField] : fields(organization);
  return ask({ title: words.edit, fields: all, action: words.save, send, own: endings });
}
