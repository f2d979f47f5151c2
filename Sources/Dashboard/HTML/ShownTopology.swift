/// The topology whose results a page shows, as its head names it.
struct ShownTopology {
    /// Its name.
    let name: String
    /// Whether its file has come to say something else than what runs.
    let isChangedOnDisk: Bool
}
