/// The way from a process that reads the corpus to the owners of shares.
///
/// - Note: What arrives in one partition arrives in the order in which it was sent.
package protocol ShuffleTransport: Sendable {
    /// Waits until the owners of shares have read most of what there is; returns at once if the process is to stop.
    func waitForOwners() async throws

    /// Sends records, and returns once all of them are written for good.
    func send(_ messages: [ShuffleMessage]) async throws
}
