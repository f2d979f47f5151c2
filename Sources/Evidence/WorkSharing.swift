/// How pieces of one thread's work are shared out among threads.
public struct WorkSharing {
    /// The most threads that work at once, the caller's included.
    public let members: Int
    let perform: (_ count: Int, _ piece: @escaping (_ number: Int, _ member: Int) -> Void) -> Void

    /// Makes a way of sharing.
    ///
    /// `perform` does each of `count` pieces once, possibly several at the same time, and returns when all are done. A
    /// piece gets its number and that of the member who does it, from 0 and below `members`; nobody is two members at
    /// once.
    public init(
        members: Int,
        perform: @escaping (_ count: Int, _ piece: @escaping (_ number: Int, _ member: Int) -> Void) -> Void
    ) {
        self.members = max(1, members)
        self.perform = perform
    }

    /// All by the caller.
    public static var alone: WorkSharing {
        WorkSharing(members: 1) { count, piece in
            for number in 0..<count { piece(number, 0) }
        }
    }
}
