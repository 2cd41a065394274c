package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.testkit.LeaseContract;
import io.github.ltxjava.testkit.s3.S3Double;
import io.github.ltxjava.testkit.s3.S3Fault;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3LeaseTest extends LeaseContract {

  private S3Double server;

  @Override
  protected LtxStore openEmptyStore() throws IOException {
    server = S3Double.start();
    return Doubles.open(server);
  }

  @Override
  protected LtxStore openAgain() {
    return Doubles.open(server);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void aLostReplyIsNotALostLease() throws IOException {
    try (S3Store store =
        Doubles.open(Doubles.options(server).conditions(S3Options.Conditions.ALL))) {
      server.fail("PutObject", S3Fault.LOST_REPLY, 1);
      Lease lease = Lease.acquire(store, "a:1", Duration.ofHours(1), Clock.systemUTC());
      assertThat(lease.info().generation()).isEqualTo(1);
      server.fail("PutObject", S3Fault.INTERNAL_ERROR_AFTERWARDS, 1);
      lease.renew();
      server.fail("PutObject", S3Fault.LOST_REPLY, 1);
      lease.renew();
      assertThat(Lease.read(store)).contains(lease.info());
      assertThat(server.keys()).containsExactly("some/db/lock.json");
    }
  }
}
