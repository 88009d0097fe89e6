package io.lodestone.diversification;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.util.List;
import java.util.stream.Stream;

/** All kinds of models, in the order in which they are fitted and scored. */
public final class Models {
  static final List<ModelKind> KINDS =
      List.of(
          new Survival(),
          new Entry(1),
          new Entry(3),
          new ExpectedFlow(ExpectedFlow.Basis.VALUE),
          new ExpectedFlow(ExpectedFlow.Basis.QUANTITY),
          new AdjustmentModel(),
          new ForecastModel(ShareSeries.HHI),
          new ForecastModel(ShareSeries.TOP_SHARE),
          new ForecastModel(ShareSeries.SHARE),
          new TypologyModel(),
          new MixModel());

  private Models() {}

  /** Tables that scoring writes. */
  public static List<Table> tables() {
    return Stream.concat(
            KINDS.stream().flatMap(kind -> kind.tables().stream()), Stream.of(Tables.CANDIDATE))
        .distinct()
        .toList();
  }
}
