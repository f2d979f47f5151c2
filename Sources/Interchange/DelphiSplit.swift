import WeightFiles

/// The activations of a range of latents: one file of a delphi cache.
package struct DelphiSplit: Sendable {
    /// One activation.
    package struct Entry {
        package let row: Int
        package let position: Int
        package let latent: Int
        package let activation: Float
    }

    let path: String
    let latents: Range<Int>
    private let locations: Tensor
    private let activations: Tensor
    /// `[rows + 1]`: the index at which the entries of each row begin.
    private let rowStarts: [Int]

    /// The number of entries.
    package var count: Int { rowStarts.last ?? 0 }

    /// Takes the tensors of a file and checks every entry once.
    init(_ file: SafetensorsFile, path: String, latents: Range<Int>, rows: Int, context: Int) throws {
        self.path = path
        self.latents = latents
        locations = try DelphiCache.tensor(
            "locations", of: file, path: path, types: [.u16, .u32, .i64], dimensions: 2)
        activations = try DelphiCache.tensor(
            "activations", of: file, path: path, types: [.f16, .bf16, .f32], dimensions: 1)
        guard locations.shape[1] == 3, locations.shape[0] == activations.count else {
            throw DelphiCache.fault(
                path, "locations", "shape \(locations.shape)",
                "[\(activations.count), 3], one row, position and latent for each of the activations")
        }
        rowStarts = try Self.rowStarts(locations, path: path, latents: latents.count, rows: rows, context: context)
    }

    /// Lends the entries of a row, in order of position and latent.
    package func forEachEntry(inRow row: Int, _ body: (Entry) throws -> Void) throws {
        let range = rowStarts[row]..<rowStarts[row + 1]
        var values = [Float](repeating: 0, count: range.count)
        try values.withUnsafeMutableBufferPointer { try activations.read(values: range, into: $0) }
        for (place, index) in range.enumerated() {
            guard !values[place].isNaN else {
                throw DelphiCache.fault(path, "activations", "NaN at entry \(index)", "numbers")
            }
            // A value that was beyond the range of 16-bit floats when written counts as the largest of them.
            if values[place].isInfinite { values[place] = values[place] > 0 ? 65_504 : -65_504 }
        }
        try locations.withBytes { bytes in
            for (place, index) in range.enumerated() {
                let (row, position, latent) = Self.location(in: bytes, at: index, type: locations.type)
                try body(
                    Entry(
                        row: row, position: position, latent: latents.lowerBound + latent, activation: values[place]))
            }
        }
    }

    private static func location(
        in bytes: UnsafeRawBufferPointer, at index: Int, type: TensorType
    ) -> (row: Int, position: Int, latent: Int) {
        func number(_ column: Int) -> Int {
            let place = 3 * index + column
            return switch type {
            case .u16: Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)))
            case .u32: Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)))
            default: Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: Int64.self)))
            }
        }
        return (number(0), number(1), number(2))
    }

    /// The start of each row, after checking that entries ascend and lie within rows, contexts and latents.
    private static func rowStarts(
        _ locations: Tensor, path: String, latents: Int, rows: Int, context: Int
    ) throws -> [Int] {
        try locations.withBytes { bytes in
            var starts = [0]
            starts.reserveCapacity(rows + 1)
            var last = (row: -1, position: -1, latent: -1)
            for index in 0..<locations.shape[0] {
                let here = location(in: bytes, at: index, type: locations.type)
                guard (0..<rows).contains(here.row), (0..<context).contains(here.position),
                    (0..<latents).contains(here.latent)
                else {
                    throw DelphiCache.fault(
                        path, "locations", "\(here) at entry \(index)",
                        "a row below \(rows), a position below \(context) and a latent of this file, below \(latents)")
                }
                guard last < (here.row, here.position, here.latent) else {
                    throw DelphiCache.fault(
                        path, "locations", "\(here) at entry \(index) behind \(last)",
                        "entries in ascending order of row, position and latent, each once, as delphi writes them")
                }
                while starts.count <= here.row { starts.append(index) }
                last = here
            }
            while starts.count <= rows { starts.append(locations.shape[0]) }
            return starts
        }
    }
}
