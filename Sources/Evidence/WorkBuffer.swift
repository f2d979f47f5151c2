/// Memory for work that is done again and again, which grows as needed and keeps nothing.
final class WorkBuffer<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private var capacity = 16

    init() { base = .allocate(capacity: capacity) }

    deinit { base.deallocate() }

    var residentBytes: Int { capacity * MemoryLayout<Element>.stride }

    /// Makes room for some elements; what was there is lost if there was too little.
    func reserve(_ count: Int) {
        guard count > capacity else { return }
        base.deallocate()
        capacity = count + count / 4
        base = .allocate(capacity: capacity)
    }

    /// Makes room for some elements, all of one value.
    func fill(_ count: Int, with value: Element) {
        reserve(count)
        base.update(repeating: value, count: count)
    }
}
