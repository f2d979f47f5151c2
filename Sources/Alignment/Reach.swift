/// A column and its distance: the nearest comes first, of equally near ones that with the lower number.
struct Reach: Comparable {
    let distance: Int64
    let column: Int

    static func < (one: Reach, other: Reach) -> Bool {
        (one.distance, one.column) < (other.distance, other.column)
    }
}
