import Synchronization

/// The bytes that the parts of a run hold: what `state.memory` is a budget of.
///
/// A part is counted when it is made and when it is let go of; models and batches under way are not counted here.
package final class MemoryMeter: Sendable {
    /// A part of a run.
    package enum Part: String, Sendable, Hashable, CaseIterable {
        /// Samples, counts and the pool of a reservoir.
        case evidence
        /// Decoded pools and the windows that may serve as negatives.
        case pools
        /// The sources of harder negatives.
        case tiers
        /// Vectors of texts.
        case vectors
        /// The indexes of lexical explainers.
        case terms
    }

    private struct Holder: Hashable {
        let part: Part
        let name: String
    }

    private let held = Mutex<[Holder: Int]>([:])
    /// The bytes that all parts may hold together: `state.memory`; 0 if there is no budget.
    package let budget: Int

    /// Makes a meter against a budget in bytes.
    package init(budget: Int = 0) { self.budget = budget }

    /// Notes what one holder of a part has now; `name` distinguishes holders of the same part.
    package func set(_ bytes: Int, of part: Part, by name: String) {
        held.withLock { $0[Holder(part: part, name: name)] = bytes == 0 ? nil : bytes }
    }

    /// Adds to what one holder of a part has; a negative number is given back.
    package func add(_ bytes: Int, to part: Part, by name: String) {
        held.withLock { held in
            let holder = Holder(part: part, name: name)
            let sum = (held[holder] ?? 0) + bytes
            held[holder] = sum == 0 ? nil : sum
        }
    }

    /// The bytes of each part, all parts, in their order.
    package var reading: [(part: Part, bytes: Int)] {
        let held = held.withLock { $0 }
        return Part.allCases.map { part in
            (part, held.reduce(0) { $0 + ($1.key.part == part ? $1.value : 0) })
        }
    }

    /// The bytes of all parts together.
    package var bytes: Int { held.withLock { $0.values.reduce(0, +) } }
}
