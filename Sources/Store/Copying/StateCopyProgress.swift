/// How far a copy of a state is.
public struct StateCopyProgress: Sendable, Hashable {
    /// What is being done.
    public enum Step: Sendable, Hashable {
        /// Pages are copied.
        case copying
        /// The copy is read and compared with what it was made of.
        case checking
    }

    /// What is being done.
    public let step: Step
    /// The bytes that are copied.
    public let bytes: Int
    /// The bytes of the whole file.
    public let total: Int
}
