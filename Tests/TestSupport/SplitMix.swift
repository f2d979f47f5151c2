/// SplitMix64: a small generator whose sequence is the same on every machine.
///
/// Not `SeededGenerator` of Statistics, which is under test itself.
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    package init(state: UInt64) { self.state = state }

    /// Starts from a small number; small numbers give states that are far apart.
    package init(seed: Int) { self.init(state: UInt64(bitPattern: Int64(seed)) &* 0xd134_2543_de82_ef95 &+ 1) }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
