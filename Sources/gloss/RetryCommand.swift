import ArgumentParser
import Store

/// Has failed jobs tried again at once.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Has jobs that failed, or wait for another try, tried again at once.",
        discussion: """
            It leaves a request in the state directory: a daemon that runs on it does these jobs within seconds, else the \
            next start does. Each start tries failed jobs once more by itself, and what may succeed later is tried again \
            after a growing delay.
            """)

    @Argument(help: "The state directory, as `state.directory` names it.")
    var state: String

    @Option(help: "Jobs of this node only.")
    var node: String?

    @Option(help: "Jobs of this latent only; may be repeated.")
    var latent: [Int] = []

    func validate() throws {
        if let latent = latent.first(where: { $0 < 0 }) { throw ValidationError("there is no latent \(latent)") }
    }

    func run() throws {
        do {
            let count = try RetryRequests.add(directory: state, node: node, latents: latent)
            try Terminal.print(
                count == 0
                    ? "no job of these failed or waits for another try"
                    : "\(count) \(count == 1 ? "job is" : "jobs are") tried again: by the daemon that runs on \(state), or by "
                        + "the next start")
        } catch {
            throw ExitCode(telling: error, of: "retry")
        }
    }
}
