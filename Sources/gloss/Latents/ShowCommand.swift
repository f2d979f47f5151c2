import ArgumentParser
import LatentSheets
import Serving
import Store

/// Prints all that is known of one latent.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints all that is known of a latent: what is said of it, how that scores, and where it fires.",
        discussion: """
            Reads from a daemon over HTTP, or from a state directory on this machine, where a daemon need not run. What is \
            printed is what the latent's page shows. A daemon that asks for a token is sent that in the environment variable \
            GLOSS_TOKEN.
            """)

    @Argument(help: "The daemon, such as http://127.0.0.1:8080, or a state directory as `state.directory` names it.")
    var from: String

    @Argument(help: "The latent as `coder/number`, as `gloss tail` prints it.")
    var latent: String

    @Option(help: "About how many examples of each kind are printed.")
    var examples = 6

    @Option(help: "The topology file of a state directory; by default the one by which it was last worked on.")
    var topology: String?

    @Flag(help: "Print one JSON object, the one that the API answers with.")
    var json = false

    func validate() throws {
        guard (1...100).contains(examples) else { throw ValidationError("--examples needs a number from 1 to 100") }
        guard LatentKey(written: latent) != nil else {
            throw ValidationError("`\(latent)` is no latent: write the coder and the number, such as `codes/17`")
        }
    }

    func run() async throws {
        do {
            guard let key = LatentKey(written: latent) else { return }
            let sheet = try await SheetSource(from, topology: topology).sheet(of: key, examples: examples)
            guard !json else { return try Terminal.print(json: SheetJSON.text(sheet)) }
            let look = SheetPrinter(width: Terminal.width, form: Terminal.markForm)
            try Terminal.write(Array((look.lines(of: sheet).joined(separator: "\n") + "\n").utf8))
        } catch {
            throw ExitCode(telling: error, of: "show")
        }
    }
}
