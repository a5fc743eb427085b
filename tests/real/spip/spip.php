<?php
/**
 * What the scripts share: SPIP itself, outside of a request. SITE_ROOT and SITE_URL say where the site is.
 */
$house_url = getenv('SITE_URL');
chdir(getenv('SITE_ROOT'));
$_SERVER['HTTP_HOST'] = parse_url($house_url, PHP_URL_HOST) . ':' . parse_url($house_url, PHP_URL_PORT);
$_SERVER['SERVER_NAME'] = parse_url($house_url, PHP_URL_HOST);
$_SERVER['SERVER_PORT'] = (string) parse_url($house_url, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
require_once 'vendor/autoload.php';
include_once 'ecrire/inc_version.php';
// its own warnings outside of a request are not ours
error_reporting(E_ERROR | E_PARSE);
$GLOBALS['spip_lang'] = 'fr';
