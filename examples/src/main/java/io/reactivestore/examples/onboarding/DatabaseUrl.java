package io.reactivestore.examples.onboarding;

import io.r2dbc.spi.ConnectionFactoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the traces are. For an H2 file also: whether there is one, since H2 would silently make a new one. */
record DatabaseUrl(String url) {

    static final String DEFAULT = "r2dbc:h2:file:///./onboarding-data/db";

    /** For commands that begin something: the default directory is made, any other must be there. */
    void prepare() {
        Optional<Path> file = file();
        Path directory = file.map(Path::getParent).orElse(null);
        if (directory == null || Files.isDirectory(directory)) {
            return;
        }
        if (!url.equals(DEFAULT)) {
            throw new DemoException(
                    ExitCode.DATABASE, "there is no directory " + directory + ". Make it, or name another with --db.");
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new DemoException(
                    ExitCode.DATABASE, "cannot make the directory " + directory + ": " + e.getMessage());
        }
    }

    /** For commands about a trace that must be there. */
    void mustExist() {
        file().filter(Files::notExists).ifPresent(file -> {
            throw new DemoException(ExitCode.DATABASE, "there is no database " + file + ". Begin with: demo run");
        });
    }

    /** Whether one process at a time can open it. */
    boolean isFile() {
        return file().isPresent();
    }

    private Optional<Path> file() {
        ConnectionFactoryOptions options = ConnectionFactoryOptions.parse(url);
        if (!"h2".equals(options.getValue(ConnectionFactoryOptions.DRIVER))
                || !"file".equals(options.getValue(ConnectionFactoryOptions.PROTOCOL))) {
            return Optional.empty();
        }
        String database = String.valueOf(options.getValue(ConnectionFactoryOptions.DATABASE));
        int settings = database.indexOf(';');
        return Optional.of(Path.of((settings < 0 ? database : database.substring(0, settings)) + ".mv.db"));
    }
}
