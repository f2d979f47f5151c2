extension Array {
    /// Makes room for `extra` more elements, growing by a quarter if growth is needed: less is wasted than by
    /// doubling.
    mutating func makeRoom(for extra: Int) {
        let needed = count + extra
        if needed > capacity { reserveCapacity(Swift.max(needed, capacity + capacity / 4)) }
    }
}
