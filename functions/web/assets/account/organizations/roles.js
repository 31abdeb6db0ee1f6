// Roles of members, the highest first, as the API has them.
import { texts } from "/components/i18n.js";

const ROLES = ["owner", "admin", "editor", "staff", "viewer"];

const names = texts({
  en: { owner: "Owner", admin: "Admin", editor: "Editor", staff: "Staff", viewer: "Viewer" },
  ru: { owner: "Владелец", admin: "Администратор", editor: "Редактор", staff: "Сотрудник", viewer: "Наблюдатель" },
});

const abilities = texts({
  en: {
    owner: "may do everything",
    admin: "manages profile and members",
    editor: "manages what the organisation offers",
    staff: "reads and fulfils",
    viewer: "reads",
  },
  ru: {
    owner: "может всё",
    admin: "управляет профилем и участниками",
    editor: "управляет предложениями организации",
    staff: "видит и выполняет",
    viewer: "только видит",
  },
});

const rank = (role) => ROLES.indexOf(role);

/** A role of a later release is shown as it is. */
export function roleName(role) {
  return names[role] ?? role;
}

/** Roles that a member may grant: up to their own. */
export function grantable(own) {
  return ROLES.filter((role) => rank(own) <= rank(role)).map((role) => [role, `${names[role]} – ${abilities[role]}`]);
}

/** True if a member with the role `own` may change one with `role`. */
export function outranks(own, role) {
  return own === "owner" || (rank(own) >= 0 && rank(own) < rank(role));
}
