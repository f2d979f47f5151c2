import Hashing
import Synchronization

/// Results already found about latents, so that controls need not find it out again.
///
/// All of it follows from plans alone: what is forgotten is found again, the same bits.
public final class InterventionMemory: Sendable {
    /// What decides on an outcome.
    struct Key: Hashable {
        let prompts: InterventionPrompts
        let settings: InterventionSettings
        let seed: UInt64
        let subject: Hash128
        let explainer: Hash128
    }

    /// The scoring prompts with what the subject goes on with, without and under the intervention.
    struct Passages: Sendable {
        let clean: [[UInt32]]
        let changed: [[UInt32]]
    }

    /// What is known of a latent.
    struct Entry: Sendable {
        var tuned: InterventionTrial.Tuned?
        var output: OutputExplaining.Output?
        var passages: Passages?
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// In the order in which they came.
        var keys: [Key] = []
    }

    private let mostEntries: Int
    private let state = Mutex(State())

    /// Makes a memory of the latest latents.
    public init(latents: Int = 1024) { mostEntries = max(latents, 1) }

    func entry(_ key: Key) -> Entry { state.withLock { $0.entries[key] ?? Entry() } }

    func note(_ key: Key, _ change: (inout Entry) -> Void) {
        state.withLock { state in
            if state.entries[key] == nil {
                state.keys.append(key)
                if state.keys.count > mostEntries { state.entries[state.keys.removeFirst()] = nil }
            }
            change(&state.entries[key, default: Entry()])
        }
    }
}
