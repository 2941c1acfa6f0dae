#!/usr/bin/env bash
# Rebuilds volunteer_match/static/vendor from the npm packages pinned in package.json. Needed only to take a newer
# GOV.UK Frontend or htmx: the results are committed and the application never needs Node.
# Keep govuk-frontend at the version that the pinned govuk-frontend-jinja names in its compatibility table.
set -euo pipefail
cd "$(dirname "$0")"
out=../../volunteer_match/static/vendor
npm install --no-audit --no-fund --no-package-lock --silent
npx sass --load-path=node_modules --style=compressed --no-source-map --no-charset --quiet-deps govuk.scss build.css
# In a cascade layer every rule of theme.css wins without fighting over specificity.
{ printf '@layer govuk{'; tr -d '\n' < build.css; printf '}\n'; } > "$out/govuk-frontend.css"
rm build.css
npx esbuild govuk.js --bundle --minify --format=esm --target=es2020 --outfile="$out/govuk-frontend.js" --log-level=warning
cp node_modules/htmx.org/dist/htmx.min.js "$out/htmx.js"
sed -i '/sourceMappingURL/d' "$out/htmx.js"
cp node_modules/htmx.org/LICENSE "$out/htmx.LICENSE.txt"
if grep -q '@font-face\|GDS Transport\|crown' "$out/govuk-frontend.css"; then
  echo "the style sheet names a font or a crown that may not be used here" >&2
  exit 1
fi
