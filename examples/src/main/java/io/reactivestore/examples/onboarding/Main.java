package io.reactivestore.examples.onboarding;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line of the demo. */
@Command(
        name = "demo",
        description = {
            "An employee's onboarding as a durable workflow: it survives being killed.",
            "Without a command: the guided tour."
        },
        mixinStandardHelpOptions = true,
        version = "Reactive Store demo 0.1.0",
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or the trace waits for a decision",
            "1:the workflow or the demo failed",
            "2:the command line is wrong",
            "3:there is no such trace",
            "4:the database is locked, missing or out of reach",
            "5:the trace has already ended",
            "137:killed, as asked"
        },
        subcommands = {
            TourCommand.class,
            RunCommand.class,
            CrashAfterCommand.class,
            ResumeCommand.class,
            ApproveCommand.class,
            WaitsCommand.class,
            ForkCommand.class,
            ShowCommand.class,
            ListCommand.class,
            StatsCommand.class,
            DeadLettersCommand.class,
            PurgeCommand.class,
            ExportCommand.class,
            ImportCommand.class
        })
public final class Main implements Callable<Integer> {

    private final Terminal terminal = Terminal.ofThisProcess();

    @Option(
            names = "--db",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = DatabaseUrl.DEFAULT,
            description = "An R2DBC URL of H2 or PostgreSQL. Default: ${DEFAULT-VALUE}.")
    private String url = DatabaseUrl.DEFAULT;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Note here what was done to the outside world, a line each.")
    private @Nullable Path ledger;

    Main() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Main main = new Main();
        int exitCode = main.commandLine().execute(arguments);
        System.out.flush();
        System.exit(exitCode);
    }

    private CommandLine commandLine() {
        return new CommandLine(this)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(terminal.ansi()))
                .setParameterExceptionHandler(this::explain)
                .setExecutionExceptionHandler((error, command, parsed) -> report(error));
    }

    @Override
    public Integer call() throws Exception {
        return commandLine().execute("tour");
    }

    private int explain(ParameterException wrong, String[] arguments) {
        String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
        terminal.error(wrong.getMessage() + ". See: " + name + " --help");
        return ExitCode.USAGE;
    }

    private int report(Exception error) {
        Trouble trouble = Trouble.of(error, url);
        terminal.error(trouble.message());
        return trouble.exitCode();
    }

    Terminal terminal() {
        return terminal;
    }

    String url() {
        return url;
    }

    @Nullable
    Path ledger() {
        return ledger;
    }
}
