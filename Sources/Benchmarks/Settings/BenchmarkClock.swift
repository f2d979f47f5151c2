/// The clock that measures some work.
public enum BenchmarkClock: String, CaseIterable, Sendable, Hashable, Codable {
    /// The time that passes.
    case wall
    /// The mean time that its threads spent on a core: leaves out what other programs of a busy machine took, but also what one thread waits
    /// for another.
    case cpu
}
