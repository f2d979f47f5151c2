public import Elements

/// A dead letter that is sent to its topic again, as the state notes it before that is done.
public struct BegunReplay: Sendable, Hashable {
    /// The number of the dead letter.
    public let letter: Int64
    /// The place of its record, to whose partition it is sent.
    public let position: RecordPosition
    /// The offset of the partition's end before it was sent: what was sent is not before that.
    public let start: Int64
    /// How often the record has then been sent again, this time included.
    public let count: Int

    /// Makes a note.
    public init(letter: Int64, position: RecordPosition, start: Int64, count: Int) {
        self.letter = letter
        self.position = position
        self.start = start
        self.count = count
    }
}

/// What is known of the replay of a dead letter.
public struct ReplayState: Sendable, Hashable {
    /// How far a replay has come.
    public enum Progress: Sendable, Hashable {
        /// It was not begun.
        case notBegun
        /// It was begun, and it is not known whether anything was sent.
        case begun
        /// It was sent, and got this offset; `nil` if that is not known.
        case sent(offset: Int64?)
    }

    /// How often the dead letter's record was sent again before it was refused here.
    public let earlier: Int
    /// How far its own replay has come.
    public let progress: Progress

    /// Makes a state.
    public init(earlier: Int, progress: Progress) {
        self.earlier = earlier
        self.progress = progress
    }
}
