import Elements
package import LanguageModels
import Synchronization

/// The one forward pass by which all workers of a stage work on a batch together, made when it is first needed.
///
/// One for all of them: each member of the team has memory in it.
package final class TeamPass: @unchecked Sendable {
    // Sound: `pass` is made and used only behind the lock.
    private let lock = Mutex(())
    private var pass: ForwardPass?
    private let make: @Sendable (SpareCores) throws -> ForwardPass
    let cores: SpareCores

    /// Makes nothing yet; `make` gets the cores whose team is to help.
    package init(cores: SpareCores, make: @escaping @Sendable (SpareCores) throws -> ForwardPass) {
        self.cores = cores
        self.make = make
    }

    /// The activations of contexts, as a forward pass gives them.
    func activations(
        of contexts: [[UInt32]], step: (_ block: (_ members: Int) -> Void) -> Bool
    ) throws -> [String: Matrix]? {
        try lock.withLock { _ in
            let pass = try self.pass ?? make(cores)
            self.pass = pass
            return try pass.activations(of: contexts, step: step)
        }
    }
}
