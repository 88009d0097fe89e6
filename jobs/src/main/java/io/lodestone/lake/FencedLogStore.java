package io.lodestone.lake;

import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** {@link ConditionalLogStore} behind the {@link Fence} of the run that holds the lake's lease. */
public final class FencedLogStore extends ConditionalLogStore {
  /** As Delta makes it, by reflection. */
  public FencedLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    if (overwrite) {
      super.write(path, actions, true, configuration);
      return;
    }
    Fence.require(path);
    super.write(path, actions, false, configuration);
    Fence.passed(path);
  }
}
