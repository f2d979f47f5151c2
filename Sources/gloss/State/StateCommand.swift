import ArgumentParser

/// Works on a state directory as a whole.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Copies a state directory, also while a daemon runs on it.",
        subcommands: [StateCopyCommand.self])
}
