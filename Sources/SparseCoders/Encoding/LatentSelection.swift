/// Decides which latents of a row are active, from pre-activations that come tile by tile and are not kept.
protocol LatentSelection: AnyObject {
    /// Starts with new rows: `isUsed` says which columns of the tiles to come are rows of the input.
    func begin(columns: Int, used: [Int])

    /// Takes the products `[latents.count, columns]`, row-major, of the latents after those taken before.
    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>)

    /// Adds a column's active latents, ascending; gives a latent whose activation is not finite, if there is one.
    func finish(column: Int, into codes: inout SparseCodes) -> Int?
}
