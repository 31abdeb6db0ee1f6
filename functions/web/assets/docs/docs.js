// Shows the platform's own document, and sends requests to the platform itself.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });
