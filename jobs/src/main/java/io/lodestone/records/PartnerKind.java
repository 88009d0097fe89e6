package io.lodestone.records;

/** What stands on the other side of a flow. Only a country is ever a supplier. */
public enum PartnerKind {
  /** A country other than the reporter. */
  COUNTRY,
  /** The reporter itself: goods returned. */
  SELF,
  /** Areas not elsewhere specified, bunkers, free zones. */
  UNSPECIFIED,
  /** A group that stands beside its members, such as the EU. */
  GROUP,
  /** The published total of all partners. */
  WORLD;

  /** As the table {@code flow} writes it. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static PartnerKind of(String text) {
    return valueOf(text.toUpperCase(java.util.Locale.ROOT));
  }
}
