package import Elements
import Evidence
package import LanguageModels

/// One worker's forward pass: made on its own thread and never used on another.
package final class ForwardWorker {
    private let pass: ForwardPass
    private let together: TeamPass
    private let pace: SharedPace

    /// Makes a worker with a pass of its own and one that it has together with the others.
    package init(pass: ForwardPass, together: TeamPass, pace: SharedPace) {
        self.pass = pass
        self.together = together
        self.pace = pace
    }

    /// The activations of a batch, by all cores that are free if it is shared.
    ///
    /// A helper's core is asked for anew for each block, so that what comes after this stage waits for one block at most.
    ///
    /// - Returns: `nil` if they are no longer needed, which is asked before each block.
    package func activations(
        of batch: ContextBatch, isShared: Bool, unless isPointless: () -> Bool
    ) throws -> ActivationBatch? {
        var worked = Duration.zero
        func work(_ block: (Int) -> Void, members: Int) {
            let start = ContinuousClock.now
            block(members)
            worked += (ContinuousClock.now - start) * members
        }
        let contexts = batch.contexts.map(\.tokens)
        let activations =
            isShared
            ? try together.activations(of: contexts) { block in
                if isPointless() { return false }
                together.cores.help { work(block, members: $0.members) }
                return true
            }
            : try pass.activations(of: contexts) { block in
                if isPointless() { return false }
                work(block, members: 1)
                return true
            }
        guard let activations else { return nil }
        pace.worked(tokens: batch.tokenCount, for: worked)
        return ActivationBatch(contexts: batch.contexts, activations: activations, reached: batch.reached)
    }
}
