/// Says where words end.
protocol WordBoundaries {
    /// The end of the word that starts at an offset within the text; behind that offset.
    func end(of start: Int) -> Int
}
