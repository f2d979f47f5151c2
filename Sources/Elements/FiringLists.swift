/// By latent, the windows in which it fires: what the windows of a pool hold the other way round.
///
/// All lists follow each other in one array. An array for each of a million latents would take seconds to make.
public struct FiringLists: Sendable {
    /// `[latents + 1]`: where each latent's list begins, and where the last one ends.
    private let starts: [Int]
    private let numbers: [Int32]

    /// Makes the lists of some windows, which are told by their places.
    public init(of windows: [PoolWindow]) {
        let latents = windows.reduce(0) { max($0, Int($1.latents.max() ?? -1) + 1) }
        var starts = [Int](repeating: 0, count: latents + 1)
        for window in windows { for latent in window.latents where latent >= 0 { starts[Int(latent) + 1] += 1 } }
        for latent in 0..<latents { starts[latent + 1] += starts[latent] }
        self.starts = starts
        numbers = [Int32](unsafeUninitializedCapacity: starts[latents]) { numbers, count in
            // Where the next number of each list belongs: each place is written once.
            var next = starts
            for (number, window) in windows.enumerated() {
                for latent in window.latents where latent >= 0 {
                    numbers.initializeElement(at: next[Int(latent)], to: Int32(clamping: number))
                    next[Int(latent)] += 1
                }
            }
            count = starts[latents]
        }
    }

    /// The numbers of the windows in which a latent fires, ascending.
    public subscript(latent: Int) -> ArraySlice<Int32> {
        guard latent >= 0, latent < starts.count - 1 else { return [] }
        return numbers[starts[latent]..<starts[latent + 1]]
    }

    /// The bytes that they take.
    public var residentBytes: Int { starts.residentBytes + numbers.residentBytes }
}
