/** Texts of the page, from the catalogue that Django's JSONCatalog makes of djangojs.po. */

export interface Catalogue {
  readonly catalog: Readonly<Record<string, string | readonly string[]>>;
}

let texts: Catalogue["catalog"] = {};

/** Take the catalogue of the page's language into use. */
export function useCatalogue(catalogue: Catalogue): void {
  texts = catalogue.catalog;
}

/** Return the text for `msgid`, or `msgid` itself (English) where the catalogue has none. */
export function gettext(msgid: string): string {
  const found = texts[msgid];
  return typeof found === "string" ? found : msgid;
}

/**
 * Return the form of a text that goes with `count`.
 *
 * Vietnamese has one form, English two; other languages need their plural rule here.
 */
export function ngettext(singular: string, plural: string, count: number): string {
  const found = texts[singular];
  if (Array.isArray(found)) {
    const forms = found as readonly string[];
    return forms[count === 1 ? 0 : forms.length - 1] ?? plural;
  }
  return count === 1 ? singular : plural;
}

/** Put named values into a text: `%(count)s` becomes `values.count`. */
export function interpolate(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}
