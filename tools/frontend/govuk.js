// Starts the GOV.UK components the pages use. The body class is what their own page template sets in an inline script,
// which our Content-Security-Policy forbids.
import { Button, Checkboxes, createAll, ErrorSummary, NotificationBanner, Radios, SkipLink } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
// Both a banner and the summary of mistakes ask for the focus; the summary comes last and keeps it.
for (const component of [Button, Checkboxes, NotificationBanner, ErrorSummary, Radios, SkipLink]) {
  createAll(component);
}
