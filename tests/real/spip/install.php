<?php
/**
 * Makes a SPIP without its screens: php install.php. SITE_ROOT and SITE_URL say where it is; the record is a SQLite file.
 */
define('_ECRIRE_INSTALL', '1');
// before it is installed SPIP answers nothing but its own probes
$_GET['action'] = $_REQUEST['action'] = 'test_dirs';
require __DIR__ . '/spip.php';
foreach (['inc/install', 'install/etape_3', 'base/create'] as $house_part) {
    include_spip($house_part);
}
$house_fault = trim(install_bases('', '', '', 'sqlite3', 'new_spip', 'site', 0777));
if ($house_fault) {
    fwrite(STDERR, "install: $house_fault\n");
    exit(1);
}
rename(_FILE_CONNECT_TMP, _DIR_ETC . 'connect.php');
rename(_FILE_CHMOD_TMP, _DIR_ETC . 'chmod.php');
