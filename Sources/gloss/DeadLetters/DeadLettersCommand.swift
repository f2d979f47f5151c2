import ArgumentParser

/// Works on the records that a topology has refused.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists the records that were refused, and sends those to their topics again whose cause is mended.",
        subcommands: [DeadLetterListCommand.self, DeadLetterReplayCommand.self])
}
