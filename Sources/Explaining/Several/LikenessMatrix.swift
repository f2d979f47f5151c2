/// How alike each two of some windows are, from −1 to 1.
struct LikenessMatrix: Sendable {
    /// The number of windows.
    let count: Int
    /// `[count, count]`, symmetric.
    private(set) var values: [Double]

    /// Zeros.
    init(count: Int) {
        self.count = count
        values = [Double](repeating: 0, count: count * count)
    }

    subscript(first: Int, second: Int) -> Double {
        get { values[first * count + second] }
        set {
            values[first * count + second] = newValue
            values[second * count + first] = newValue
        }
    }

    /// The mean likeness of a window to some others, itself left out; 0 to none.
    func mean(_ window: Int, to others: [Int]) -> Double {
        var (sum, count) = (0.0, 0)
        for other in others where other != window {
            sum += values[window * self.count + other]
            count += 1
        }
        return count > 0 ? sum / Double(count) : 0
    }
}
