package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.replica.Replica;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a database with the stores that it is replicated to. */
final class StatusCommand extends LtxCommand {

  private final Argument<Boolean> json = flag("--json").description("Print JSON.");
  private final Argument<String> databaseName = parameter("DB").description("The database file.");
  private final Argument<List<String>> storeNames =
      parameters("STORE").description(Stores.DESCRIPTION);

  StatusCommand(Session session) {
    super(session, "status", "Shows how far the stores of a database are.");
    description(
        "What was captured is read from the folder beside the database where ltx replicate and",
        "Litestream keep it; the database is not opened. The lag of a store is the number of",
        "transactions captured that it does not have.");
    footer("Exit code: 0 done, whatever the lag; 3 a store cannot be reached.");
    example("ltx status app.db replica");
  }

  /**
   * A store.
   *
   * @param txid its newest transaction, if it has any
   * @param problem why it cannot be listed, or null
   */
  private record Store(String name, Optional<Txid> txid, @Nullable String problem) {
    Optional<Long> lag(Optional<Txid> captured) {
      return problem != null || captured.isEmpty()
          ? Optional.empty()
          : Optional.of(Math.max(0, captured.get().value() - txid.map(Txid::value).orElse(0L)));
    }
  }

  @Override
  int run() throws IOException {
    Path database = Targets.path(databaseName.get());
    long size = Files.size(database);
    Path real = database.toRealPath();
    long wal = sizeOrZero(real.resolveSibling(real.getFileName() + "-wal"));
    Optional<Txid> captured = captured(Replica.folderOf(real));
    List<Store> stores = new ArrayList<>();
    for (String name : storeNames.get()) {
      cancellation().check();
      stores.add(store(name));
    }
    if (json.get()) {
      printJson(size, wal, captured, stores);
    } else {
      print(size, wal, captured, stores);
    }
    return stores.stream().anyMatch(store -> store.problem() != null) ? ExitCode.IO : ExitCode.OK;
  }

  private static long sizeOrZero(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Looks at names alone, as a replica may be at work there. */
  private static Optional<Txid> captured(Path folder) throws IOException {
    Optional<Txid> newest = Optional.empty();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder.resolve("ltx").resolve("0"))) {
      for (Path entry : entries) {
        Optional<Txid> last =
            TxidRange.ofFileName(String.valueOf(entry.getFileName())).map(TxidRange::max);
        if (last.isPresent() && (newest.isEmpty() || last.get().compareTo(newest.get()) > 0)) {
          newest = last;
        }
      }
      return newest;
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static Store store(String name) throws CommandException {
    try (LtxStore store = Stores.reading(name)) {
      Optional<Txid> newest =
          store.listAll().stream()
              .map((LtxFileInfo file) -> file.txids().max())
              .max(Comparator.naturalOrder());
      return new Store(Stores.label(name), newest, null);
    } catch (CommandException e) {
      throw e;
    } catch (IOException e) {
      return new Store(Stores.label(name), Optional.empty(), Messages.of(e));
    }
  }

  private void print(long size, long wal, Optional<Txid> captured, List<Store> stores)
      throws OutputException {
    terminal()
        .out()
        .line(databaseName.get() + ": " + size + " bytes, WAL " + wal + " bytes")
        .line("captured: " + captured.map(Txid::toString).orElse("nothing yet"));
    Table table = new Table(List.of("store", "txid", "lag"));
    for (Store store : stores) {
      table.add(
          List.of(
              store.name(),
              store.txid().map(Txid::toString).orElse("-"),
              store.lag(captured).map(String::valueOf).orElse("-")));
    }
    table.print(terminal().out());
    for (Store store : stores) {
      String problem = store.problem();
      if (problem != null) {
        terminal().err().println(Messages.oneLine("ltx: " + store.name() + ": " + problem));
      }
    }
  }

  private void printJson(long size, long wal, Optional<Txid> captured, List<Store> stores)
      throws OutputException {
    JsonWriter out = new JsonWriter(terminal().out());
    out.object().name("database").value(databaseName.get()).name("bytes").value(size);
    out.name("walBytes").value(wal);
    txid(out, captured);
    out.name("stores").array();
    for (Store store : stores) {
      out.object().name("store").value(store.name());
      txid(out, store.txid());
      Optional<Long> lag = store.lag(captured);
      if (lag.isPresent()) {
        out.name("lag").value(lag.get());
      }
      String problem = store.problem();
      if (problem != null) {
        out.name("problem").value(problem);
      }
      out.endObject();
    }
    out.endArray().endObject();
  }

  private static void txid(JsonWriter out, Optional<Txid> txid) throws OutputException {
    if (txid.isPresent()) {
      out.name("txid").value(txid.get().toString());
    }
  }
}
