/// Where windows stand in a segment, by their slots: an array if most slots are there, else a dictionary.
struct WindowPlaces {
    private var dense: [UInt32]
    private var sparse: [UInt32: UInt32] = [:]

    init(slots: Int, isDense: Bool) { dense = isDense ? [UInt32](repeating: 0, count: slots) : [] }

    subscript(slot: UInt32) -> UInt32 {
        get { dense.isEmpty ? sparse[slot] ?? 0 : dense[Int(slot)] }
        set { if dense.isEmpty { sparse[slot] = newValue } else { dense[Int(slot)] = newValue } }
    }
}
