/// Bounds how far a file can grow by aliases before it is composed.
///
/// Yams hashes keys while it composes, aliases followed; a few nested aliases in a key would then take longer than the universe
/// has lasted. No parser event can be counted from outside, so the text is: an estimate from above for any honest file.
enum AliasBudget {
    /// The most by which a file may grow.
    static let largestGrowth = 4096.0

    /// Whether the text's anchors and aliases stay within the bound.
    ///
    /// `a` aliases spread evenly over `b` nested anchors grow a text by `(a / b)^b`, and no other use of them by more.
    static func allows(_ text: String) -> Bool {
        var anchors = 0.0
        var aliases = 0.0
        var previous = UInt8(ascii: " ")
        var mark: UInt8?
        for byte in text.utf8 {
            if let mark, byte.isASCIILetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") {
                if mark == UInt8(ascii: "&") { anchors += 1 } else { aliases += 1 }
            }
            let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            mark = isMark && Self.separators.contains(previous) ? byte : nil
            previous = byte
        }
        guard anchors > 0, aliases > 0 else { return true }
        var growth = 1.0
        var used = 1.0
        // An author may leave some anchors unused, so the worst number of nested ones counts.
        while used <= anchors {
            var product = 1.0
            for _ in 0..<Int(used) where product <= largestGrowth { product *= max(1, aliases / used) }
            growth = max(growth, product)
            if growth > largestGrowth || aliases / used < 1 { break }
            used += 1
        }
        return growth <= largestGrowth
    }

    private static let separators = Set(" \t\r\n[]{},:?-!&*".utf8)
}
