#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif
internal import Foundation

/// Puts a finished directory in the place of another, so that one of the two always stands there whole.
struct DirectoryReplacement {
    /// Whether the two are exchanged in one step where the system can do that.
    var exchanges = true

    /// Moves `new` to `place`; what stood there is removed afterwards. When this fails, what stood there stands there.
    func put(_ new: URL, at place: URL) throws {
        let manager = FileManager.default
        if !manager.fileExists(atPath: place.path) {
            do {
                return try manager.moveItem(at: new, to: place)
            } catch {
                // Somebody else's model may have arrived in between.
                guard manager.fileExists(atPath: place.path), manager.fileExists(atPath: new.path) else { throw error }
            }
        }
        if exchanges, exchange(new.path, place.path) {
            try? manager.removeItem(at: new)
            return
        }
        let aside = new.appendingPathExtension("earlier")
        try manager.moveItem(at: place, to: aside)
        do {
            try manager.moveItem(at: new, to: place)
        } catch {
            try? manager.moveItem(at: aside, to: place)
            throw error
        }
        try? manager.removeItem(at: aside)
    }

    /// False where the system or the file system has no such call.
    private func exchange(_ first: String, _ second: String) -> Bool {
        #if canImport(Darwin)
        return renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
        #elseif canImport(Glibc)
        // The header declares it only for programs that ask for GNU extensions, which importing does not.
        typealias Rename = @convention(c) (CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt) -> CInt
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let exchange: CUnsignedInt = 2
        return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, first, AT_FDCWD, second, exchange) == 0
        #else
        return false
        #endif
    }
}
