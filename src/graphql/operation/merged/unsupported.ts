/** A CRM cannot list in the way that a merged page needs. This is no failure: the page names the CRM and the reason. */
export class UnsupportedListing extends Error {
  override readonly name = "UnsupportedListing";
}
