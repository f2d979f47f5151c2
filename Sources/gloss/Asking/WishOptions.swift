import ArgumentParser
import Store

/// The state directory and the latents of a command that asks for something about them.
struct WishOptions: ParsableArguments {
    @Argument(help: "The state directory, as `state.directory` names it.")
    var state: String

    @Option(help: "The latent; several of them, for `explain` and `rescore`, by repeating it.")
    var latent: [Int]

    @Option(help: "The node that is to do it; needed for a label if there are several.")
    var node: String?

    @Option(help: "The coder; needed if there are several.")
    var coder: String?

    func validate() throws {
        if let latent = latent.first(where: { $0 < 0 }) { throw ValidationError("there is no latent \(latent)") }
    }

    /// Leaves a wish in the state directory and tells who will see to it.
    func leave(_ wish: LatentWish, of command: String) throws {
        var wish = wish
        (wish.node, wish.coder, wish.latents) = (node, coder, latent)
        do {
            let taken = try LatentRequests.add(wish, directory: state)
            let count = taken.requests
            try Terminal.print(
                "\(count) \(count == 1 ? "request is" : "requests are") left for \(taken.nodes.joined(separator: ", ")): done by the "
                    + "daemon that runs on \(state), or by the next start")
        } catch {
            throw ExitCode(telling: error, of: command)
        }
    }

    /// What is said of every such command.
    static let discussion = """
        It leaves a request in the state directory: a daemon that runs on it does it within seconds, else the next start does, \
        each once. Over HTTP the same is asked for at /api/v1, with `http.write_token`.
        """
}

extension WishRefusal: StatesFailureKind {
    var failureKind: FailureKind {
        switch kind {
        case .badBody, .notTaken, .conflict: .configuration
        case .unknown: .missing
        }
    }
}
