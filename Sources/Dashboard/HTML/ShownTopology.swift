/// The topology whose results a page shows, as its head names it.
struct ShownTopology {
    /// Its name.
    let name: String
    /// Whether its file has come to say something else than what runs.
    let isChangedOnDisk: Bool
    /// Whether one signs in to see its pages.
    let asksForToken: Bool
    /// Whether the daemon lets those change something who have its token for that.
    let takesChanges: Bool
}
