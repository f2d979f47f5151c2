/// Comparisons whose time tells nothing of where two texts differ.
enum ConstantTime {
    /// Whether two texts are equal, in a time that does not depend on the place of the first difference.
    static func isEqual(_ given: String, _ wanted: String) -> Bool {
        let (given, wanted) = (Array(given.utf8), Array(wanted.utf8))
        var difference: UInt8 = given.count == wanted.count ? 0 : 1
        for (index, byte) in wanted.enumerated() where index < given.count { difference |= byte ^ given[index] }
        return difference == 0
    }
}
