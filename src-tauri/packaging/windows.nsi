; An installer for one user, for Debian's makensis: tauri's own script wants a plugin that only a Windows machine's build fetches.
; Installs the two programs, an entry in the start menu and one under Installed apps; removes just these.
; A person's data folder, settings and keychain are never touched: the program's own settings delete them.
;   makensis -DSTAGED=DIR -DOUT=FILE -DVERSION=X.Y.Z -DICON=FILE -DLICENCE=FILE windows.nsi
; -DQUICK packs quickly instead of small.

Unicode true
Target amd64-unicode ; the programs are 64-bit, and so is a computer that can start them
ManifestDPIAware true
!ifdef QUICK
SetCompressor zlib
!else
SetCompressor /SOLID lzma
!endif
RequestExecutionLevel user

!define NAME "Panopto Video Analytics"
!define PROGRAM "panopto-video-analytics.exe"
!define COMMAND_LINE "panopto-analytics.exe"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"

Name "${NAME}"
Caption "${NAME} ${VERSION}"
OutFile "${OUT}"
Icon "${ICON}"
UninstallIcon "${ICON}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
LicenseData "${LICENCE}"
ShowInstDetails nevershow

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "Copyright 2026 The Panopto Video Analytics contributors"

Page license
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

; A program that runs cannot be replaced. Silently there is nobody to ask.
!macro EndIfRunning UN
Function ${UN}EndIfRunning
  again:
    IfFileExists "$INSTDIR\${PROGRAM}" 0 free
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM}" a
    IfErrors 0 opened
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is open. Close its window, then try again." /SD IDCANCEL IDRETRY again
    SetErrorLevel 1
    Quit
  opened:
    FileClose $0
  free:
FunctionEnd
!macroend
!insertmacro EndIfRunning ""
!insertmacro EndIfRunning "un."

Section "Install"
  Call EndIfRunning
  SetOutPath "$INSTDIR"
  File "${STAGED}\${PROGRAM}"
  File "${STAGED}\${COMMAND_LINE}"
!if /FileExists "${STAGED}/WebView2Loader.dll" ; Microsoft's linker has it in the program
  File "${STAGED}\WebView2Loader.dll"
!endif
  File /oname=LICENSE.txt "${LICENCE}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "Publisher" "The Panopto Video Analytics contributors"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  Call un.EndIfRunning
  ; The nightly job, while the program that takes it away is still there.
  nsExec::Exec '"$INSTDIR\${COMMAND_LINE}" --quiet --no-keychain nightly remove'
  Pop $0
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\${COMMAND_LINE}"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\uninstall.exe"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  ; Only if it is empty: somebody may have put files of their own there.
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
