/// The places of some values in descending order (ties: the lower place), found as they are asked for.
///
/// A heap is made in linear time, so that the few nearest of many windows cost no sort. Source: J. W. J. Williams,
/// "Algorithm 232: Heapsort" (1964); R. W. Floyd, "Algorithm 245" (1964).
struct NearestFirst: IteratorProtocol {
    private var heap: [(value: Float, place: Int32)] = []

    /// Takes the values whose place is wanted, but for those that are no number.
    init(_ values: ArraySlice<Float>, where isWanted: [Bool]) {
        for (place, value) in values.enumerated() where isWanted[place] && !value.isNaN {
            heap.append((value, Int32(clamping: place)))
        }
        for index in (0..<heap.count / 2).reversed() { sink(index) }
    }

    /// The place of the largest value that is left.
    mutating func next() -> Int? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return Int(first.place)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var largest = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && precedes(child, largest) {
                largest = child
            }
            guard largest != index else { return }
            heap.swapAt(index, largest)
            index = largest
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[right].value, heap[left].place) < (heap[left].value, heap[right].place)
    }
}
