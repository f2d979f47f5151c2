import ArgumentParser
import Store

/// Prints the records that were refused.
struct DeadLetterListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Prints where each record stands that was refused, why, when, and how it begins.",
        discussion: """
            The place is TOPIC/PARTITION/OFFSET, or of a file its path and the byte at which the record begins. With --json each line \
            is the dead letter as docs/messages.md has it, with its number and what is known of its replay.
            """)

    @Argument(help: "The state directory, as `state.directory` names it.")
    var state: String

    @Option(help: "Those that this source refused only.")
    var node: String?

    @Option(help: "Those of this code only, such as too-large.")
    var code: String?

    @Flag(help: "Print a JSON object a line.")
    var json = false

    /// The letters that are held at once, of up to 64 KiB each.
    private static let page = 128

    func run() throws {
        do {
            let reader = try Store.reader(directory: state)
            var last: Int64 = 0
            var isEmpty = true
            while true {
                let letters = try reader.deadLetters(after: last, limit: Self.page, node: node, code: code)
                guard let end = letters.last else { break }
                let replays = try reader.replayStates(of: letters)
                for letter in letters {
                    let line = DeadLetterLine(letter, replay: replays[letter.sequence])
                    if json { try Terminal.print(json: line.json) } else { try Terminal.print(line.text) }
                }
                (last, isEmpty) = (end.sequence, false)
            }
            if isEmpty, !json { try Terminal.print("no record was refused that is asked for") }
        } catch {
            throw ExitCode(telling: error, of: "dead-letters")
        }
    }
}
