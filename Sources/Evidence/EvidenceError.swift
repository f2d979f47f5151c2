/// What can be wrong with something that is given to this module.
public enum EvidenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A setting outside its range.
    case setting(name: String, value: Int, allowed: ClosedRange<Int>)
    /// A batch of codes that contradicts itself; nothing of it was counted.
    case malformedBatch(String)
    /// A segment that is cut short or damaged; nothing of it was merged.
    case malformedSegment(offset: Int, String)
    /// A segment of a format that this version does not read.
    case segmentVersion(found: Int, expected: Int)
    /// A segment written under other settings or for another coder.
    case foreignSegment
    /// A reservoir of other settings or of another coder.
    case foreignReservoir

    /// The fault in words, with what was expected and what to do.
    public var description: String {
        switch self {
        case .setting(let name, let value, let allowed):
            """
            reservoir: \(name) is \(value), expected \(allowed.lowerBound) to \(allowed.upperBound); \
            correct the topology
            """
        case .malformedBatch(let what):
            "reservoir: \(what); the batch was not counted; the encode stage that made it is at fault"
        case .malformedSegment(let offset, let what):
            """
            evidence segment, byte \(offset): \(what); restore the state directory from a backup \
            or start with an empty one
            """
        case .segmentVersion(let found, let expected):
            "evidence segment: format \(found), expected \(expected); use the version of Gloss that wrote it"
        case .foreignSegment:
            """
            evidence segment: written under other settings (window, sample, top, pool, recent, seed) or for another \
            coder; give back the old topology or start with an empty state directory
            """
        case .foreignReservoir:
            "reservoir: only reservoirs of equal settings and the same coder can be merged"
        }
    }
}
