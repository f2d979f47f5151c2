/// Decides which latents of a row are active, from pre-activations that come tile by tile and are not kept.
protocol LatentSelection: AnyObject {
    /// The memory it takes now, in bytes.
    var byteCount: Int { get }

    /// Starts with new rows: `used` are the columns of the tiles to come that are rows of the input.
    func begin(columns: Int, used: [Int])

    /// Takes the products `[latents.count, columns]`, row-major, of the latents after those taken before.
    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>)

    /// Adds a column's active latents, ascending; gives what is wrong with them, if anything is.
    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault?
}

/// Why a row has no codes.
enum SelectionFault: Hashable {
    /// The activation of a latent is infinite or NaN.
    case notFinite(latent: Int)
    /// More latents are active than a row may have.
    case tooMany(active: Int, most: Int)
}
