// Shows the platform's own document, or the part of the group that the path names,
// and sends requests to the platform itself.
const group = location.pathname.split("/")[2];
SwaggerUIBundle({ url: group ? `/openapi/${group}.json` : "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });
